import { Input, SegmentedControl, Stack, useMantineColorScheme } from "@mantine/core";
import { useWords } from "../words/index.ts";
import { LanguageChoice } from "./LanguageChoice.tsx";

export function AppearancePage() {
  const say = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack>
      <Input.Wrapper label={say("more.theme")} labelElement="div">
        <SegmentedControl
          mt={6}
          fullWidth
          aria-label={say("more.theme")}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
          data={[
            { value: "light", label: say("theme.light") },
            { value: "dark", label: say("theme.dark") },
            { value: "auto", label: say("theme.system") },
          ]}
        />
      </Input.Wrapper>
      <Input.Wrapper label={say("more.language")} labelElement="div">
        <div style={{ marginTop: 6 }}>
          <LanguageChoice />
        </div>
      </Input.Wrapper>
    </Stack>
  );
}
