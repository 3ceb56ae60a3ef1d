/** Language and appearance. */
import { ActionIcon, Group, Menu, SegmentedControl, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { words } from "../words/shell.ts";
import { chooseLanguage, type Language, useLanguage } from "../words.ts";

const SCHEMES = [
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
  { value: "auto", icon: IconDeviceDesktop },
] as const;

export function Choices() {
  const say = words.use();
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Now = SCHEMES.find((scheme) => scheme.value === colorScheme)?.icon ?? IconDeviceDesktop;
  return (
    <Group gap="xs" wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label={say("language")}
        value={language}
        onChange={(value) => chooseLanguage(value as Language)}
        data={[
          { value: "ru", label: "RU" },
          { value: "en", label: "EN" },
        ]}
      />
      <Menu position="bottom-end">
        <Menu.Target>
          <Tooltip label={say("theme")}>
            <ActionIcon variant="default" size={34} aria-label={say("theme")}>
              <Now size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {SCHEMES.map(({ value, icon: Icon }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={16} aria-hidden />}
              rightSection={value === colorScheme ? <IconCheck size={16} aria-hidden /> : undefined}
              onClick={() => setColorScheme(value)}
            >
              {say(`theme.${value}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
