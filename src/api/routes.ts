// Which routes are there? One file per resource: schema and handler, nothing else.
import type { FastifyInstance } from 'fastify';
import { addAlerts } from './alerts.ts';
import { addConnections } from './connections.ts';
import { addFlows } from './flows.ts';
import { addHouse } from './house.ts';
import { addLookups } from './lookups.ts';
import { addMe } from './me.ts';
import { addOverview } from './overview.ts';
import { addPeople } from './people.ts';
import { addPersonal } from './personal.ts';
import { addProblems } from './problems.ts';
import { addRecords } from './records.ts';
import type { Api } from './route.ts';
import type { ApiParts } from './server.ts';
import { addSession } from './session.ts';
import { addSettlements } from './settlements.ts';
import { addSetup } from './setup.ts';
import { addStock } from './stock.ts';
import { addViews } from './views.ts';

export function addRoutes(scope: FastifyInstance, parts: ApiParts): void {
  const api = scope as unknown as Api;
  addSession(api, parts);
  addOverview(api, parts);
  addRecords(api, parts);
  addViews(api, parts);
  addFlows(api, parts);
  addConnections(api, parts);
  addLookups(api, parts);
  addProblems(api, parts);
  addStock(api, parts);
  addSetup(api, parts);
  addSettlements(api, parts);
  addHouse(api, parts);
  addPeople(api, parts);
  addMe(api, parts);
  addPersonal(api, parts);
  addAlerts(api, parts);
}
