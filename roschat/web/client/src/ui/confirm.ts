/** A question with two answers, asked from anywhere. */
import { create } from "zustand";

export interface Question {
  title: string;
  text: string;
  ok: string;
  danger: boolean;
  answer(yes: boolean): void;
}

export const useQuestion = create<{ question: Question | undefined }>(() => ({ question: undefined }));

export function confirm(question: { title: string; text: string; ok: string; danger?: boolean }): Promise<boolean> {
  return new Promise((resolve) => {
    useQuestion.setState({
      question: {
        danger: false,
        ...question,
        answer: (yes) => {
          useQuestion.setState({ question: undefined });
          resolve(yes);
        },
      },
    });
  });
}
