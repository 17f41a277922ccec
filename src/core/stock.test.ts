import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  availableToSell,
  type Level,
  type Reservation,
  type StockQuestion,
  type StockRules,
} from './stock.ts';

const rules: StockRules = {
  bufferUnits: 0,
  bufferPercent: 0,
  allocationPercent: 100,
  minimumToList: 0,
  stopSell: false,
  splitBelow: 0,
};
const one = (
  sku: string,
  parts = [{ itemId: 'A', quantity: 1 }],
  rest: Partial<StockRules> = {},
): StockQuestion => ({
  sku,
  parts,
  locationIds: ['main', 'east'],
  rules: { ...rules, ...rest },
});
const level = (itemId: string, main: number, east = 0): Level[] => [
  { itemId, locationId: 'main', available: main },
  { itemId, locationId: 'east', available: east },
];
const quantity = (question: StockQuestion, levels: Level[], reservations: Reservation[] = []) =>
  availableToSell([question], levels, reservations).get(question.sku)!.quantity;

describe('available to sell', () => {
  test('locations are added up, and what is below zero at one takes nothing from another', () => {
    assert.equal(quantity(one('A'), level('A', -3, 5)), 5);
  });
  test('a kit is put together per location and then added up', () => {
    const kit = one('K', [
      { itemId: 'A', quantity: 2 },
      { itemId: 'B', quantity: 1 },
    ]);
    assert.equal(quantity(kit, [...level('A', 5, 5), ...level('B', 1, 9)]), 1 + 2);
    assert.equal(
      quantity(kit, [...level('A', 9, 0), ...level('B', 0, 9)]),
      0,
      'members at two places make no kit',
    );
  });
  test('an alias of six shows whole packs only', () => {
    assert.equal(quantity(one('A-6PK', [{ itemId: 'A', quantity: 6 }]), level('A', 11, 7)), 1 + 1);
  });
  test('an order on its way into the ERP is taken off, once, whatever it is called', () => {
    const reservation = { orderId: 'O1', sku: 'A-6PK', parts: [{ itemId: 'A', quantity: 6 }], quantity: 2 };
    const answer = availableToSell([one('A')], level('A', 20), [reservation]).get('A')!;
    assert.equal(answer.quantity, 8);
    assert.deepEqual(answer.steps.find((step) => step.kind === 'reserved')?.orderIds, ['O1']);
  });
  test('a kit on its way takes one kit, not one per member', () => {
    const parts = [
      { itemId: 'A', quantity: 2 },
      { itemId: 'B', quantity: 1 },
    ];
    const reservation = { orderId: 'O1', sku: 'K', parts, quantity: 1 };
    assert.equal(quantity(one('K', parts), [...level('A', 10), ...level('B', 10)], [reservation]), 4);
  });
  test('buffer, minimum, maximum and stop-sell come in this order', () => {
    assert.equal(quantity(one('A', undefined, { bufferUnits: 3 }), level('A', 10)), 7);
    assert.equal(
      quantity(one('A', undefined, { bufferPercent: 15 }), level('A', 10)),
      8,
      'a buffer is rounded up',
    );
    assert.equal(quantity(one('A', undefined, { minimumToList: 5 }), level('A', 4)), 0);
    assert.equal(quantity(one('A', undefined, { maximumToList: 5 }), level('A', 40)), 5);
    assert.equal(quantity(one('A', undefined, { allocationPercent: 50 }), level('A', 9)), 4);
    assert.equal(quantity(one('A', undefined, { stopSell: true }), level('A', 9)), 0);
  });
  test('a SKU without an item shows nothing and says so', () => {
    const answer = availableToSell([one('X', [])], [], []).get('X')!;
    assert.deepEqual(answer.steps, [{ kind: 'no-item', units: 0, left: 0 }]);
  });
  test('the last unit of a shared item is shown once', () => {
    const answers = availableToSell(
      [one('A', undefined, { splitBelow: 5 }), one('A-FBM', undefined, { splitBelow: 5 })],
      level('A', 1),
      [],
    );
    assert.deepEqual(
      [...answers.values()].map((answer) => answer.quantity),
      [1, 0],
    );
  });
});

test('SKUs that share scarce items never promise more than there is, whatever they are made of', () => {
  const items = ['A', 'B', 'C'];
  const parts = fc
    .uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 })
    .chain((ids) =>
      fc.tuple(
        ...ids.map((itemId) => fc.integer({ min: 1, max: 4 }).map((units) => ({ itemId, quantity: units }))),
      ),
    );
  const reservation = fc.record({
    orderId: fc.string(),
    sku: fc.string(),
    parts,
    quantity: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(
      fc.array(parts, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }),
      fc.array(reservation, { maxLength: 3 }),
      (recipes, available, reservations) => {
        const levels = items.map((itemId, place) => ({
          itemId,
          locationId: 'main',
          available: available[place]!,
        }));
        const group = recipes.map((recipe, place) => ({
          sku: `S${place}`,
          parts: recipe,
          locationIds: ['main'],
          rules: { ...rules, splitBelow: 1_000 },
        }));
        const answers = availableToSell(group, levels, reservations);
        for (const [place, itemId] of items.entries()) {
          const uses = (some: readonly { itemId: string; quantity: number }[]) =>
            some.filter((part) => part.itemId === itemId).reduce((sum, part) => sum + part.quantity, 0);
          const promised = group.reduce(
            (sum, { sku, parts: recipe }) => sum + uses(recipe) * answers.get(sku)!.quantity,
            0,
          );
          const reserved = reservations.reduce((sum, one) => sum + uses(one.parts) * one.quantity, 0);
          if (promised > 0)
            assert.ok(
              promised <= Math.max(0, available[place]! - reserved),
              `${itemId}: ${promised} promised`,
            );
        }
        for (const answer of answers.values()) {
          assert.ok(answer.quantity >= 0 && Number.isInteger(answer.quantity));
          assert.equal(answer.steps.at(-1)?.left, answer.quantity, 'the steps end at the figure');
        }
      },
    ),
    { numRuns: 3_000 },
  );
});
