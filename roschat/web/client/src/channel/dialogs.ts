/** Which dialog of which channel is open; they outlive the menus that open them. */
import { create } from "zustand";

export type ChannelDialog = "publish" | "share" | "edit";

export const useChannelDialog = create<{ dialog: ChannelDialog | ""; chId: number }>(() => ({ dialog: "", chId: 0 }));
export const openChannelDialog = (dialog: ChannelDialog, chId: number) => useChannelDialog.setState({ dialog, chId });
export const closeChannelDialog = () => useChannelDialog.setState({ dialog: "", chId: 0 });
