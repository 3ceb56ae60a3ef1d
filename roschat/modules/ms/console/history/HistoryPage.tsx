/** Changes of all settings, the newest first, with a way back; and the difference between two moments. */
import { Page } from "@console/kit/index.ts";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { Changes } from "./Changes.tsx";
import { Comparison } from "./Comparison.tsx";
import { words } from "./words.ts";

export default function HistoryPage() {
  const say = words.use();
  const [view, setView] = useState("changes");
  const views = [
    { value: "changes", label: say("changes") },
    { value: "compare", label: say("compare") },
  ];
  return (
    <Page
      title={say("title")}
      text={say("text")}
      actions={<SegmentedControl aria-label={say("view")} size="sm" value={view} onChange={setView} data={views} />}
    >
      {view === "changes" ? <Changes /> : <Comparison />}
    </Page>
  );
}
