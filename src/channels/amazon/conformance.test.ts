// Amazon keeps what every channel promises.
import { startAmazon } from '../../../sim/sp-api/server.ts';
import { channelSuite } from '../channel.suite.ts';
import { amazon } from './index.ts';

channelSuite(amazon, new URL('./', import.meta.url), async () => {
  const simulator = await startAmazon({ quotas: 'lifted', reportSeconds: 0 });
  const { world, url, credentials, faults } = simulator;
  const { sellerId, awsRegion: _region, ...secrets } = credentials;
  return {
    settings: {
      sellerId,
      region: 'na',
      marketplaceIds: ['ATVPDKIKX0DER', 'A1F83G8C2ARO7P'],
      baseUrl: url,
      tokenUrl: `${url}/auth/o2/token`,
    },
    secrets,
    needed: ['orderId', 'createdTime', 'orderItems', 'salesChannel'],
    fill: (count) => world.generate({ count, spreadHours: 24 }),
    strike: (fault) =>
      faults.setPlan({
        rules: ['orders.getOrder', 'orders.confirmShipment'].map((operation) => ({
          operation,
          on: 1,
          do: fault,
        })),
      }),
    shipmentsOf: (orderId) =>
      world.all('SELECT DISTINCT content FROM confirmations WHERE id = ?', orderId).length,
    close: () => simulator.close(),
  };
});
