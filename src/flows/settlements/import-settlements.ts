// Settlements into the books: what the flow does by itself, and how one settlement is delivered. Discovery:
// discover-settlements.ts. One settlement's way: book-settlement.ts.
import type { FlowKind } from '../flow.ts';
import { accrueMonth } from './accrue-month.ts';
import { bookSettlement } from './book-settlement.ts';
import { discoverSettlements } from './discover-settlements.ts';
import { readTransactions } from './read-transactions.ts';
import { type SettlementsSettings, settlementsSettings } from './settings.ts';

const hourSeconds = 3_600;

export const importSettlements: FlowKind<SettlementsSettings> = {
  id: 'settlements.import',
  title: 'Settlements into the books',
  settings: settlementsSettings,
  tasks: (settings) => [
    {
      name: 'discover',
      title: 'Look for new settlements',
      everySeconds: settings.discoverEverySeconds,
      firstAfterSeconds: 0,
      run: discoverSettlements,
    },
    {
      name: 'transactions',
      title: 'Read transactions between settlements',
      everySeconds: hourSeconds,
      firstAfterSeconds: 30,
      run: readTransactions,
    },
    ...(settings.accrual === 'month-end'
      ? [
          {
            name: 'accrual',
            title: 'Accrue what is deferred at month end',
            everySeconds: 6 * hourSeconds,
            firstAfterSeconds: 300,
            run: accrueMonth,
          },
        ]
      : []),
  ],
  async deliver(flow, records) {
    return new Map(records.map((one) => [one.record.id, () => bookSettlement(flow, one.record)]));
  },
};
