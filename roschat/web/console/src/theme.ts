/** The colours and shapes of the product. Shade 6 of the brand bears white text at AA contrast. */
import { createTheme, Drawer, FileInput, type MantineColorsTuple, Modal, PasswordInput, Tooltip } from "@mantine/core";
import { brand, spinner } from "@roschat/shared/brand.ts";
import type { Language } from "./words.ts";

const dark: MantineColorsTuple = [
  "#e7ecf5",
  "#c3cce2",
  "#9dabc3",
  "#66728a",
  "#3a4459",
  "#273042",
  "#1f2736",
  "#151b26",
  "#10151f",
  "#0c1119",
];

const SAID = {
  dismiss: { ru: "Скрыть окно", en: "Dismiss" },
  clear: { ru: "Очистить", en: "Clear" },
  show: { ru: "Показать или скрыть", en: "Show or hide" },
};

/** The theme; what components say by themselves is in the language of now. */
export const themeFor = (language: Language) =>
  createTheme({
    primaryColor: "brand",
    primaryShade: 6,
    colors: { brand, dark },
    fontFamily: "'Inter Variable', system-ui, 'Segoe UI', Roboto, sans-serif",
    headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "650" },
    defaultRadius: "md",
    respectReducedMotion: true,
    cursorType: "pointer",
    components: {
      Loader: spinner,
      Modal: Modal.extend({
        defaultProps: {
          centered: true,
          overlayProps: { backgroundOpacity: 0.45, blur: 2 },
          closeButtonProps: { "aria-label": SAID.dismiss[language] },
        },
      }),
      Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": SAID.dismiss[language] } } }),
      FileInput: FileInput.extend({ defaultProps: { clearButtonProps: { "aria-label": SAID.clear[language] } } }),
      PasswordInput: PasswordInput.extend({
        defaultProps: { visibilityToggleButtonProps: { "aria-label": SAID.show[language], tabIndex: 0 } },
      }),
      Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true } }),
    },
  });
