// Amazon seller accounts, through the Selling Partner API. Quirks, roles and limits: ./README.md
import type { Channel } from '../channel.ts';
import { amazonAuthorisation } from './authorisation.ts';
import { cancellationSink } from './cancellations.ts';
import { checkAccount } from './check.ts';
import { amazonClient } from './client.ts';
import { financeSource } from './finances.ts';
import { type AmazonBucket, amazonLimits } from './limits.ts';
import { marketplaces } from './marketplaces.ts';
import { orderSource } from './orders.ts';
import { orderPage } from './pages.ts';
import { returnSource } from './returns.ts';
import { type AmazonSecrets, type AmazonSettings, amazonSecrets, amazonSettings } from './settings.ts';
import { settlementSource } from './settlements.ts';
import { shipmentSink } from './shipments.ts';
import { stockSink } from './stock.ts';

export const amazon: Channel<AmazonSettings, AmazonSecrets, AmazonBucket> = {
  id: 'amazon',
  title: 'Amazon Seller Central',
  settings: amazonSettings,
  secrets: amazonSecrets,
  limits: amazonLimits,
  marketplaces,
  orderPage,
  authorisation: amazonAuthorisation,
  // Amazon asks for a new client secret every 180 days and a new authorisation every year (spapi.md §4).
  secretLifeDays: { clientSecret: 180, refreshToken: 365 },
  open(settings, secrets, tools) {
    const client = amazonClient(settings, secrets, tools);
    return {
      check: () => checkAccount(settings, { tools, client }),
      orders: orderSource(settings, secrets, { tools, client }),
      shipments: shipmentSink(client),
      cancellations: cancellationSink(settings, { tools, client }),
      settlements: settlementSource(settings, { tools, client }),
      finances: financeSource({ tools, client }),
      returns: returnSource(settings, { tools, client }),
      stock: stockSink(settings, { tools, client }),
    };
  },
};
