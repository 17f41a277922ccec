// What do keys do? One list of shortcuts; a page adds its own while it is shown. Single letters work only outside of
// fields and dialogs; `g r` is one key after the other.
import { useEffect, useRef } from 'react';
import type { Key } from '../words/index.ts';

export interface Shortcut {
  /** `j`, `Enter`, `g r`, `mod+k` (Ctrl, or ⌘ on a Mac). */
  readonly keys: string;
  readonly label: Key;
  readonly run: () => void;
}

const active: { current: readonly Shortcut[] }[] = [];
const patienceMs = 1_200;
let pressed = '';
let pressedAt = 0;

/** All shortcuts that work now, for the help dialog. */
export const shortcuts = (): readonly Shortcut[] => active.flatMap((one) => one.current);

export function useKeys(list: readonly Shortcut[]): void {
  const mine = useRef(list);
  mine.current = list;
  useEffect(() => {
    active.push(mine);
    return () => void active.splice(active.indexOf(mine), 1);
  }, []);
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
    target.closest('[role=listbox], [role=menu]') !== null);
const inDialog = (): boolean => document.querySelector('[role=dialog], [role=alertdialog]') !== null;

function nameOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey) return '';
  return mod ? `mod+${event.key.toLowerCase()}` : event.key;
}

/** Enter and space belong to the link or button that has the focus. */
const belongsToFocus = (key: string, target: EventTarget | null): boolean =>
  (key === 'Enter' || key === ' ') &&
  target instanceof HTMLElement &&
  target.closest('a, button, [role=button], [role=tab], summary') !== null;

function press(event: KeyboardEvent): void {
  const key = nameOf(event);
  if (event.defaultPrevented || key === '' || key === 'Shift' || key === 'Control' || key === 'Meta') return;
  const modified = key.startsWith('mod+');
  if (!modified && (typing(event.target) || inDialog() || belongsToFocus(key, event.target))) return;
  const recent = performance.now() - pressedAt < patienceMs;
  const list = shortcuts().toReversed();
  const found =
    (recent && list.find((one) => one.keys === `${pressed} ${key}`)) || list.find((one) => one.keys === key);
  pressed = found ? '' : key;
  pressedAt = performance.now();
  if (!found) return;
  event.preventDefault();
  found.run();
}

/** Listens once for the whole console. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
