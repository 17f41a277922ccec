// What do the set-up's pages ask the API, and how are answers kept? Every answer is sent as it is given, so that the
// set-up goes on after a reload and in another browser.
import { useEffect, useRef, useState } from 'react';
import type { Setup, Setups } from '../../../src/api/contract/setup.ts';
import { ask, call, queries } from '../../api.ts';

export const askSetups = () => ask<Setups>('/setups');
export const stepNames = ['netsuite', 'amazon', 'questions', 'check', 'live'] as const;
export type StepName = (typeof stepNames)[number];

export interface StepProps {
  readonly setup: Setup;
  readonly setups: Setups;
  readonly go: (step: StepName) => void;
}

export const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['setups'] });

export const keepStep = (id: string, step: StepName) => call('PATCH', `/setups/${id}`, { step });

type Plain = Record<string, unknown>;

/** Answers of one step, kept a moment after the last change. `edited` tells a live reload not to overwrite typing. */
export function useAnswers<Shape extends object>(
  setup: Setup,
  part: string,
  start: Shape,
): readonly [Shape, (change: Partial<Shape>) => void, () => Promise<void>] {
  const kept = setup.answers[part] as Partial<Shape> | undefined;
  const [answers, setAnswers] = useState<Shape>(() => ({ ...start, ...kept }));
  const waiting = useRef<Shape | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const send = async () => {
    clearTimeout(timer.current);
    const next = waiting.current;
    if (next === undefined) return;
    waiting.current = undefined;
    await call('PATCH', `/setups/${setup.id}`, { answers: { [part]: next as Plain } });
    await refresh();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaving the page sends what is still waiting, once.
  useEffect(() => () => void send(), []);
  const change = (part: Partial<Shape>) =>
    setAnswers((now) => {
      const next = { ...now, ...part };
      waiting.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void send(), 400);
      return next;
    });
  return [answers, change, send];
}
