// NetSuite keeps what every ERP promises.
import { startNetSuite } from '../../../sim/netsuite/server.ts';
import { erpSuite } from '../erp.suite.ts';
import { generateCertificate } from './certificate.ts';
import { netsuite } from './index.ts';

erpSuite(netsuite, new URL('./', import.meta.url), async () => {
  const simulator = await startNetSuite({ concurrency: 50 });
  const { world, url } = simulator;
  const earlier = new Date(Date.now() - 3_600_000);
  const [ours, foreign] = await Promise.all(
    ['ours', 'foreign'].map((commonName) => generateCertificate({ commonName, notBefore: earlier })),
  );
  const { kid, clientId } = world.registerCertificate(ours!.certificatePem);
  const id = (kind: string, name: string) => String(world.account.masters.byName(kind, name)!.id);
  return {
    settings: {
      accountId: world.accountId,
      hostTemplate: url,
      clientId,
      certificateId: kid,
    },
    secrets: { privateKeyPem: ours!.privateKeyPem },
    wrongSecrets: { privateKeyPem: foreign!.privateKeyPem },
    ids: {
      customer: id('customer', 'Amazon.com Marketplace'),
      subsidiary: id('subsidiary', 'Crossdock Trading Inc.'),
      location: id('location', 'Main Warehouse'),
      warehouse: id('location', 'Amazon FBA US'),
    },
    items: ['CD-1001', 'CD-1002', 'LOT-301', 'NOWHERE-1'],
    strike(fault) {
      const reads = fault === '429' || fault === '500-before';
      const operations = reads
        ? ['record.salesOrder.get']
        : ['record.salesOrder.create', 'record.salesOrder.transform.itemFulfillment'];
      simulator.faults.setPlan({
        rules: operations.map((operation) => ({ operation, on: 1, do: fault })),
      });
    },
    async count(externalId) {
      const rows = world.account.db
        .prepare('SELECT count(*) AS n FROM ns_transaction WHERE externalid = ?')
        .all(externalId);
      return Number(rows[0]!['n']);
    },
    close: () => simulator.close(),
  };
});
