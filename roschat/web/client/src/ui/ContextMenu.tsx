/** A menu at the pointer, for right clicks, long presses and the menu key. */
import { Menu, Portal } from "@mantine/core";
import { type MouseEvent, type ReactNode, useCallback, useState } from "react";

export interface Spot {
  x: number;
  y: number;
}

/** Where a menu is open, and what to give an element so that it opens there. */
export function useContextMenu() {
  const [spot, setSpot] = useState<Spot>();
  const open = useCallback((event: MouseEvent) => {
    event.preventDefault();
    const byKey = event.clientX === 0 && event.clientY === 0;
    const box = event.currentTarget.getBoundingClientRect();
    setSpot(byKey ? { x: box.left + 24, y: box.top + box.height / 2 } : { x: event.clientX, y: event.clientY });
  }, []);
  const close = useCallback(() => setSpot(undefined), []);
  return { spot, open, close, setSpot };
}

export function ContextMenu({
  spot,
  onClose,
  children,
}: {
  spot: Spot | undefined;
  onClose: () => void;
  children: ReactNode;
}) {
  if (!spot) return null;
  return (
    <Portal>
      <Menu opened onClose={onClose} position="bottom-start" offset={2} withinPortal trapFocus returnFocus width={230}>
        <Menu.Target>
          <span style={{ position: "fixed", left: spot.x, top: spot.y, width: 1, height: 1 }} />
        </Menu.Target>
        <Menu.Dropdown>{children}</Menu.Dropdown>
      </Menu>
    </Portal>
  );
}
