/** The left menu: a line for every group; a role that has one group sees its pages instead. */
import { Link } from "wouter";
import { ICONS, type IconName } from "../icons.ts";
import logo from "../logo.svg";
import type { Group, Page } from "../page.ts";
import { menuFor } from "../pages.ts";
import { useSession } from "../session.tsx";
import { words } from "../words/shell.ts";
import { useBoth } from "../words.ts";
import classes from "./Shell.module.css";

const GROUP_ICONS: Record<Group, IconName> = {
  monitor: "activity",
  directory: "users",
  services: "puzzle",
  administration: "megaphone",
  developers: "code",
  maintenance: "archive",
  settings: "settings",
  security: "shield",
};

interface MenuProps {
  /** The page that is shown. */
  page: Page | undefined;
  onGone: () => void;
}

export function Menu({ page, onGone }: MenuProps) {
  const say = words.use();
  const both = useBoth();
  const { role } = useSession();
  const menu = menuFor(role);
  const [only] = menu;
  const items =
    menu.length === 1 && only
      ? only.pages.map((one) => ({ key: one.path, to: one.path, icon: one.icon, text: both(one.title), group: false }))
      : menu.map(({ group, pages }) => ({
          key: group,
          to: pages[0]?.path ?? "/",
          icon: GROUP_ICONS[group],
          text: say(`group.${group}`),
          group: true,
        }));
  const here = menu.length === 1 ? page?.path : page?.group;
  return (
    <>
      <div className={classes.brand}>
        <img src={logo} width={34} height={34} alt="" />
        <div>
          <div className={classes.name}>{say("product")}</div>
          <div className={classes.what}>{say("console")}</div>
        </div>
      </div>
      <nav aria-label={say("menu")} style={{ overflowY: "auto", flex: 1, paddingTop: 6 }}>
        {items.map(({ key, to, icon, text, group }) => {
          const Icon = ICONS[icon];
          return (
            <Link
              key={key}
              href={to}
              onClick={onGone}
              className={`${classes.item} ${group ? classes.group : ""} ${key === here ? classes.active : ""}`}
              aria-current={key === here ? "page" : undefined}
            >
              <Icon size={19} stroke={1.7} aria-hidden />
              {text}
            </Link>
          );
        })}
      </nav>
    </>
  );
}

/** The pages of a group as tabs above the content. */
export function Tabs({ page }: { page: Page | undefined }) {
  const say = words.use();
  const both = useBoth();
  const { role } = useSession();
  const menu = menuFor(role);
  const pages = menu.find((one) => one.group === page?.group)?.pages ?? [];
  if (pages.length < 2 || menu.length === 1) return null;
  return (
    <nav className={classes.tabs} aria-label={say("tabs")}>
      {pages.map((one) => (
        <Link
          key={one.path}
          href={one.path}
          className={`${classes.tab} ${one === page ? classes.tabActive : ""}`}
          aria-current={one === page ? "page" : undefined}
          ref={one === page ? intoView : undefined}
        >
          {both(one.title)}
        </Link>
      ))}
    </nav>
  );
}

function intoView(tab: HTMLAnchorElement | null): void {
  const bar = tab?.parentElement;
  if (
    tab &&
    bar &&
    (tab.offsetLeft < bar.scrollLeft || tab.offsetLeft + tab.offsetWidth > bar.scrollLeft + bar.clientWidth)
  )
    bar.scrollLeft = tab.offsetLeft - 40;
}
