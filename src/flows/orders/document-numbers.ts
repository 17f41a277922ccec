// Which lots or serial numbers leave the marketplace's warehouse? First to expire first, then first in (features.md #25).
// A pool is read once for a batch of orders and handed out as they are mapped.
import { RecordError } from '../../core/errors.ts';
import type { InventoryNumber, NumberChoice } from '../../erp/erp.ts';
import type { LineBuilding } from './document-lines.ts';

export interface NumberPool {
  /** Takes units of an item at a location, or undefined when there are not enough; then nothing is taken. */
  take(itemId: string, locationId: string, quantity: number): readonly NumberChoice[] | undefined;
}

/** Soonest expiry first, numbers without one last; among equals the older number. */
export function numberPool(numbers: readonly InventoryNumber[]): NumberPool {
  const shelves = new Map<string, { readonly number: InventoryNumber; left: number }[]>();
  const ordered = [...numbers].sort(
    (a, b) =>
      (a.expiresOn ?? '9999').localeCompare(b.expiresOn ?? '9999') || Number(a.numberId) - Number(b.numberId),
  );
  for (const number of ordered) {
    const key = `${number.itemId}@${number.locationId}`;
    shelves.set(key, [...(shelves.get(key) ?? []), { number, left: number.quantity }]);
  }
  return {
    take(itemId, locationId, quantity) {
      const shelf = shelves.get(`${itemId}@${locationId}`) ?? [];
      if (shelf.reduce((sum, one) => sum + one.left, 0) < quantity) return undefined;
      const choices: NumberChoice[] = [];
      let open = quantity;
      for (const one of shelf) {
        const taken = Math.min(open, one.left);
        if (taken <= 0) continue;
        one.left -= taken;
        open -= taken;
        choices.push({ numberId: one.number.numberId, name: one.number.name, quantity: taken });
      }
      return choices;
    },
  };
}

/** Numbers for a line whose sale takes stock at once; sales orders get theirs when they are fulfilled. */
export function numbersOf(
  { resolved, kind, context, lineDefaults, remarks }: LineBuilding,
  index: number,
  quantity: number,
): { readonly numbers?: readonly NumberChoice[] } {
  const { item } = resolved[index]!;
  if (kind === 'sales-order' || !(item.lotTracked || item.serialTracked)) return {};
  const numbers = context.numbers?.take(item.id, lineDefaults.locationId ?? '', quantity);
  if (numbers === undefined)
    throw new RecordError(
      'NUMBERS_SHORT',
      `“${item.name}” is lot- or serial-tracked, and the marketplace’s location holds fewer than ${quantity} of it by number.`,
      {
        field: 'numbers',
        nextSteps: [
          `Receive “${item.name}” with its numbers at that location in NetSuite, then retry.`,
          'Or book such orders as sales orders (setting numbers), and choose the numbers when fulfilling.',
        ],
        facts: { item: item.name, location: lineDefaults.locationId ?? '', quantity, cause: item.name },
      },
    );
  remarks.push(
    `${item.serialTracked ? 'Serial numbers' : 'Lots'} of ${item.name}, first to expire first: ${numbers
      .map((one) => `${one.name} × ${one.quantity}`)
      .join(', ')}.`,
  );
  return { numbers };
}
