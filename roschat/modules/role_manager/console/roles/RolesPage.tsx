/** «Ролевая модель»: roles, the matrix, «Проверить»; below it the page of one role. */
import { Page } from "@console/kit/Page.tsx";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Check } from "./Check.tsx";
import { Matrix } from "./Matrix.tsx";
import { AddRole, RoleList } from "./RoleList.tsx";
import { RolePage } from "./RolePage.tsx";
import { words } from "./words.ts";

export const PATH = "/administration/roles";
const VIEWS = ["roles", "matrix", "check"] as const;
type View = (typeof VIEWS)[number];
const isView = (text: string): text is View => VIEWS.some((view) => view === text);

export default function RolesPage() {
  return (
    <Switch>
      <Route path={`${PATH}/:part`}>
        {({ part }) => (isView(part) ? <Views view={part} /> : <RolePage key={part} role={Number(part)} />)}
      </Route>
      <Route>
        <Views view="roles" />
      </Route>
    </Switch>
  );
}

function Views({ view }: { view: View }) {
  const say = words.use();
  const [, go] = useLocation();
  const [adding, setAdding] = useState(false);
  return (
    <Page title={say("title")} text={say("about")} actions={<AddRole opened={adding} change={setAdding} />}>
      <SegmentedControl
        aria-label={say("views")}
        data={VIEWS.map((value) => ({ value, label: say(value) }))}
        value={view}
        onChange={(chosen) => go(chosen === "roles" ? PATH : `${PATH}/${chosen}`)}
        style={{ alignSelf: "flex-start" }}
      />
      {view === "roles" && <RoleList />}
      {view === "matrix" && <Matrix />}
      {view === "check" && <Check />}
    </Page>
  );
}
