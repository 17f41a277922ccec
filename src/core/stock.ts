// How many units of a SKU may be promised on a channel, and why? Pure arithmetic, the only place that does it: the
// flow sends its figure, the console shows its steps ("why 7?"). Rules: features.md §4.6.

/** What one sold unit of a SKU takes off the shelf: itself, or the members of a kit, times the alias's units. */
export interface Part {
  readonly itemId: string;
  /** Units of the item in one unit of the SKU; at least 1. */
  readonly quantity: number;
}

/** Units free at one location, as the ERP states them (never what lies there: committed units are promised already). */
export interface Level {
  readonly itemId: string;
  readonly locationId: string;
  readonly available: number;
}

/** An open channel order line that the ERP has not committed yet: these units are gone although the ERP still counts them. */
export interface Reservation {
  readonly orderId: string;
  readonly sku: string;
  readonly parts: readonly Part[];
  /** Units of the SKU still to be shipped. */
  readonly quantity: number;
}

export interface StockRules {
  /** Units kept back. */
  readonly bufferUnits: number;
  /** Share of the stock kept back, 0–100; rounded up, so that a buffer is never smaller than said. */
  readonly bufferPercent: number;
  /** Share of the stock that this channel may promise, 0–100; rounded down. */
  readonly allocationPercent: number;
  /** Below this the listing shows nothing. */
  readonly minimumToList: number;
  /** The listing never shows more; undefined shows all. */
  readonly maximumToList?: number;
  readonly stopSell: boolean;
  /** Stock shared by several SKUs is divided between them once there is this much or less of it (0: never divided). */
  readonly splitBelow: number;
}

/** One line of the explanation: what was done and what remained after it. */
export interface StockStep {
  readonly kind:
    | 'location'
    | 'reserved'
    | 'allocation'
    | 'buffer'
    | 'split'
    | 'minimum'
    | 'maximum'
    | 'stop-sell'
    | 'no-item';
  readonly locationId?: string;
  /** What this step adds or takes. */
  readonly units: number;
  readonly left: number;
  /** Orders behind a reservation. */
  readonly orderIds?: readonly string[];
}

export interface StockAnswer {
  readonly quantity: number;
  readonly steps: readonly StockStep[];
}

/** Units of the SKU that can be put together at one location: the scarcest member decides. */
export function buildable(parts: readonly Part[], at: (itemId: string) => number): number {
  let most = Number.POSITIVE_INFINITY;
  for (const part of parts) most = Math.min(most, Math.floor(Math.max(0, at(part.itemId)) / part.quantity));
  return Number.isFinite(most) ? most : 0;
}

/**
 * Units of a SKU that a foreign order line can make impossible. A line is shipped from one location; taking `n` of an
 * item there lowers the scarcest member by at most ceil(n / per), so the largest of these is a safe bound.
 */
export function lossBy(parts: readonly Part[], reservation: Reservation): number {
  let loss = 0;
  for (const part of parts) {
    const taken = reservation.parts
      .filter((other) => other.itemId === part.itemId)
      .reduce((sum, other) => sum + other.quantity * reservation.quantity, 0);
    loss = Math.max(loss, Math.ceil(taken / part.quantity));
  }
  return loss;
}

/** A SKU with everything that bears on it. */
export interface StockQuestion {
  readonly sku: string;
  readonly parts: readonly Part[];
  readonly locationIds: readonly string[];
  readonly rules: StockRules;
}

/**
 * What may be promised of SKUs that draw on the same items: Σ over locations of the buildable units − what is on its way
 * into the ERP, then allocation, buffer, sharing, limits. Pass a SKU together with all SKUs of its channel that need one of
 * its items, always in the same order.
 * @returns per SKU a whole number of units, never negative, with the steps that led to it.
 */
export function availableToSell(
  group: readonly StockQuestion[],
  levels: readonly Level[],
  reservations: readonly Reservation[],
): ReadonlyMap<string, StockAnswer> {
  const at = new Map(levels.map((level) => [`${level.itemId}/${level.locationId}`, level.available]));
  const tallies = group.map((question) => countUp(question, (key) => at.get(key) ?? 0, reservations));
  divide(tallies, levels, reservations);
  return new Map(
    tallies.map((tally) => {
      limit(tally);
      return [tally.question.sku, { quantity: tally.left, steps: tally.steps }];
    }),
  );
}

interface Tally {
  readonly question: StockQuestion;
  readonly steps: StockStep[];
  left: number;
}

function step(tally: Tally, kind: StockStep['kind'], left: number, rest: Partial<StockStep> = {}): void {
  tally.steps.push({ kind, units: left - tally.left, left, ...rest });
  tally.left = left;
}

/** Everything before sharing: locations, reservations, allocation, buffer. */
function countUp(
  question: StockQuestion,
  at: (key: string) => number,
  reservations: readonly Reservation[],
): Tally {
  const { parts, rules } = question;
  const tally: Tally = { question, steps: [], left: 0 };
  if (parts.length === 0) {
    step(tally, 'no-item', 0);
    return tally;
  }
  for (const locationId of question.locationIds)
    step(tally, 'location', tally.left + buildable(parts, (itemId) => at(`${itemId}/${locationId}`)), {
      locationId,
    });
  const losses = reservations
    .map((reservation) => ({ orderId: reservation.orderId, loss: lossBy(parts, reservation) }))
    .filter(({ loss }) => loss > 0);
  if (losses.length > 0)
    step(tally, 'reserved', Math.max(0, tally.left - losses.reduce((sum, { loss }) => sum + loss, 0)), {
      orderIds: [...new Set(losses.map(({ orderId }) => orderId))],
    });
  if (rules.allocationPercent < 100)
    step(tally, 'allocation', Math.floor((tally.left * rules.allocationPercent) / 100));
  const buffer = Math.max(rules.bufferUnits, Math.ceil((tally.left * rules.bufferPercent) / 100));
  if (buffer > 0) step(tally, 'buffer', Math.max(0, tally.left - buffer));
  return tally;
}

/**
 * Two SKUs that both show the last unit sell it twice. Once an item is scarce (`splitBelow`), every SKU that needs it
 * shows an equal part; since each part uses at most 1/n of the item, their sum never exceeds it. When no part comes to
 * a whole unit, the first SKU shows all it can make and the others nothing. A SKU's part depends only on the SKUs that
 * need one of its items, so it is the same whatever else is asked about with it.
 */
function divide(
  tallies: readonly Tally[],
  levels: readonly Level[],
  reservations: readonly Reservation[],
): void {
  if (tallies.length < 2) return;
  const able = tallies.filter((tally) => tally.left > 0);
  const pools = new Map<string, number>();
  for (const level of levels) pools.set(level.itemId, (pools.get(level.itemId) ?? 0) + level.available);
  for (const { parts, quantity } of reservations)
    for (const part of parts)
      pools.set(part.itemId, (pools.get(part.itemId) ?? 0) - part.quantity * quantity);
  const sharers = new Map<string, number>();
  for (const { question } of able)
    for (const { itemId } of question.parts) sharers.set(itemId, (sharers.get(itemId) ?? 0) + 1);
  const shares = able.map((tally) => {
    const { parts, rules } = tally.question;
    const scarce = parts
      .map(({ itemId }) => itemId)
      .filter((itemId) => (pools.get(itemId) ?? 0) <= rules.splitBelow);
    const among = Math.max(1, ...scarce.map((itemId) => sharers.get(itemId) ?? 1));
    return { tally, scarce, among, share: Math.floor(tally.left / among) };
  });
  const divided = shares.filter(({ among }) => among > 1);
  for (const [place, { tally, share, scarce }] of divided.entries()) {
    // The first of all who need what it needs, and none of them can show a whole unit.
    const alone =
      share === 0 &&
      divided.every(
        (other, otherPlace) =>
          !other.scarce.some((itemId) => scarce.includes(itemId)) ||
          (other.share === 0 && otherPlace >= place),
      );
    step(tally, 'split', alone ? tally.left : share);
  }
}

/** What the owner allows the listing to show. */
function limit(tally: Tally): void {
  const { rules } = tally.question;
  if (tally.left < rules.minimumToList && tally.left > 0) step(tally, 'minimum', 0);
  if (rules.maximumToList !== undefined && tally.left > rules.maximumToList)
    step(tally, 'maximum', rules.maximumToList);
  if (rules.stopSell && tally.left > 0) step(tally, 'stop-sell', 0);
}
