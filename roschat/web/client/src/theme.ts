/** Colours, type and shapes shared by all screens. Shade 6 of the brand bears white text at AA contrast. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const brand: MantineColorsTuple = [
  "#eaf1ff",
  "#d3e0ff",
  "#a9c1ff",
  "#7c9fff",
  "#5681f8",
  "#3a6aec",
  "#2458d3",
  "#1d49b3",
  "#173b92",
  "#112d71",
];

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
    // A label is for a role; the spinner is a span that has none of itself.
    Loader: { defaultProps: { role: "status" } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Modal: {
      defaultProps: { centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.45 } },
      styles: { title: { fontWeight: 650 } },
    },
    Menu: { defaultProps: { shadow: "md", radius: "md" } },
  },
});
