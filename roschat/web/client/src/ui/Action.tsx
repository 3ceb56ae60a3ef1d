/** An icon button with its name: shown as a tooltip, read by screen readers. */
import { ActionIcon, Tooltip } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";

interface ActionProps extends Omit<ComponentPropsWithRef<"button">, "color"> {
  label: string;
  icon: ReactNode;
  size?: number;
  variant?: string;
  color?: string;
  active?: boolean;
}

export function Action({ label, icon, size = 36, variant = "subtle", color = "gray", active, ...rest }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        {...rest}
        size={size}
        radius="md"
        variant={active ? "light" : variant}
        color={active ? "brand" : color}
        aria-label={label}
        c={variant === "subtle" && !active && color === "gray" ? "var(--dim)" : undefined}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
