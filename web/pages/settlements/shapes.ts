// What the API says of settlements, in the types of its contract; the free parts as these pages read them.
import type { z } from 'zod';
import type * as contract from '../../../src/api/contract/settlements.ts';

export type SettlementLine = z.infer<typeof contract.settlementLine>;
export type SettlementDetail = z.infer<typeof contract.settlementDetail>;
export type WaterfallStep = z.infer<typeof contract.waterfallStep>;

export interface ShownCheck {
  readonly id: string;
  readonly title: string;
  readonly holds: boolean;
  readonly found: string;
}
export interface ShownRow {
  readonly rowNumber: number;
  readonly minor: string;
  readonly postedAt?: string;
  readonly orderId?: string;
  readonly transactionType?: string;
  readonly amountType?: string;
  readonly amountDescription?: string;
}
export interface ShownDocument {
  readonly kind: string;
  readonly id: string;
  readonly externalId: string;
}
