// Which language and which way of writing numbers and dates does the reader want? The language is chosen in the shell and
// kept on this device; region and time zone are the browser's.
import { useSyncExternalStore } from 'react';

export type Language = 'en' | 'fr';
export const languages: readonly { readonly id: Language; readonly name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'fr', name: 'Français' },
];

const kept = localStorage.getItem('crossdock.locale');
let current: Language =
  kept === 'fr' || kept === 'en' ? kept : navigator.language.startsWith('fr') ? 'fr' : 'en';
document.documentElement.lang = current;
const watchers = new Set<() => void>();

export const language = (): Language => current;

/** The reader's own region where it speaks the chosen language: en-GB writes dates differently from en-US. */
export const locale = (): string =>
  navigator.languages.find((one) => one === current || one.startsWith(`${current}-`)) ?? current;

export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function chooseLanguage(next: Language): void {
  if (next === current) return;
  current = next;
  localStorage.setItem('crossdock.locale', next);
  document.documentElement.lang = next;
  for (const tell of watchers) tell();
}

/** Draws a component again when the language changes. */
export const useLanguage = (): Language =>
  useSyncExternalStore((tell) => {
    watchers.add(tell);
    return () => watchers.delete(tell);
  }, language);
