/** Colours, type and shapes shared by all screens. Shade 6 of the brand bears white text at AA contrast. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";
import { brand, spinner } from "@roschat/shared/brand.ts";

/** The greys of the dark theme, bluish as the rest of it. */
const dark: MantineColorsTuple = [
  "#e7ecf5",
  "#bcc7da",
  "#9dabc3",
  "#7686a2",
  "#354159",
  "#2b3547",
  "#1e2635",
  "#151b26",
  "#10151f",
  "#0b0f16",
];

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: 6,
  colors: { brand, dark },
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', Roboto, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "650" },
  defaultRadius: "md",
  respectReducedMotion: true,
  focusRing: "auto",
  cursorType: "pointer",
  components: {
    Loader: spinner,
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Modal: {
      defaultProps: { centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.45 } },
      styles: { title: { fontWeight: 650 } },
    },
    Menu: { defaultProps: { shadow: "md", radius: "md" } },
  },
});
