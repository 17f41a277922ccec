// Which connectors and flows are there? The only list; explicit beats scanning.
import { amazon } from '../channels/amazon/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { Erp } from '../erp/erp.ts';
import { netsuite } from '../erp/netsuite/index.ts';
import { exportCancellations } from '../flows/cancellations/export-cancellations.ts';
import type { FlowKind } from '../flows/flow.ts';
import { exportShipments } from '../flows/fulfilments/export-shipments.ts';
import { importOrders } from '../flows/orders/import-orders.ts';
import { importReturns } from '../flows/returns/import-returns.ts';
import { importSettlements } from '../flows/settlements/import-settlements.ts';
import { exportStock } from '../flows/stock/export-stock.ts';

// Each connector knows its own settings; the list only needs what they share.
export const channels: Readonly<Record<string, Channel<never, never>>> = {
  amazon: amazon as unknown as Channel<never, never>,
};
export const erps: Readonly<Record<string, Erp<never, never>>> = {
  netsuite: netsuite as unknown as Erp<never, never>,
};
export const flowKinds: Readonly<Record<string, FlowKind<never>>> = {
  'orders.import': importOrders as unknown as FlowKind<never>,
  'shipments.export': exportShipments as unknown as FlowKind<never>,
  'cancellations.export': exportCancellations as unknown as FlowKind<never>,
  'stock.export': exportStock as unknown as FlowKind<never>,
  'settlements.import': importSettlements as unknown as FlowKind<never>,
  'returns.import': importReturns as unknown as FlowKind<never>,
};
