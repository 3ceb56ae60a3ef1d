/** Whose list of readers is open. */
import { create } from "zustand";

export const useReaders = create<{ id: number }>(() => ({ id: 0 }));
export const showReaders = (id: number) => useReaders.setState({ id });
