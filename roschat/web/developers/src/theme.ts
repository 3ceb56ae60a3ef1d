/** The colours and shapes of the product. Shade 6 of the brand bears white text at AA contrast. */
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

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: 6,
  colors: { brand, dark },
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', Roboto, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "650" },
  defaultRadius: "md",
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    // A label is for a role; the spinner is a span that has none of itself.
    Loader: { defaultProps: { role: "status" } },
  },
});
