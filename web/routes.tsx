// Which pages are there? One list: address, name, place in the navigation, and the file that is loaded when it
// is opened. shell/router.tsx makes routes of it.
import type { RouteComponent } from '@tanstack/react-router';
import type { IconName } from './parts/icon.tsx';
import type { Key } from './words/index.ts';

export interface Page {
  readonly path: string;
  readonly name: Key;
  readonly load: () => Promise<RouteComponent>;
  /** Where it stands in the navigation; pages without are reached from others. */
  readonly group?: 'daily' | 'set-up' | 'house';
  readonly icon?: IconName;
  /** Opened with `g` and this letter. */
  readonly letter?: string;
  /** Scope without which the page is not offered. */
  readonly needs?: 'write' | 'admin';
}

export const pages: readonly Page[] = [
  {
    path: '/',
    name: 'shell.overview',
    group: 'daily',
    icon: 'overview',
    letter: 'o',
    load: () => import('./pages/overview/page.tsx').then((page) => page.OverviewPage),
  },
  {
    path: '/records',
    name: 'shell.records',
    group: 'daily',
    icon: 'records',
    letter: 'r',
    load: () => import('./pages/records/page.tsx').then((page) => page.RecordsPage),
  },
  {
    path: '/records/$id',
    name: 'shell.records',
    load: () => import('./pages/record/page.tsx').then((page) => page.RecordPage),
  },
  {
    path: '/problems',
    name: 'shell.problems',
    group: 'daily',
    icon: 'problems',
    letter: 'p',
    load: () => import('./pages/problems/page.tsx').then((page) => page.ProblemsPage),
  },
  {
    path: '/stock',
    name: 'stock.title',
    group: 'daily',
    icon: 'stock',
    letter: 's',
    load: () => import('./pages/stock/page.tsx').then((page) => page.StockPage),
  },
  {
    path: '/stock/$connectionId/$sku',
    name: 'stock.title',
    load: () => import('./pages/stock/one.tsx').then((page) => page.StockOnePage),
  },
  {
    path: '/problems/$id',
    name: 'shell.problems',
    load: () => import('./pages/problems/page.tsx').then((page) => page.ProblemsPage),
  },
  {
    path: '/settlements',
    name: 'settlements.title',
    group: 'daily',
    icon: 'settlements',
    letter: 'b',
    load: () => import('./pages/settlements/page.tsx').then((page) => page.SettlementsPage),
  },
  {
    path: '/settlements/$flowId/$id',
    name: 'settlements.title',
    load: () => import('./pages/settlements/one.tsx').then((page) => page.SettlementPage),
  },
  {
    path: '/import',
    name: 'shell.import',
    group: 'daily',
    icon: 'import',
    letter: 'i',
    needs: 'write',
    load: () => import('./pages/import/page.tsx').then((page) => page.ImportPage),
  },
  {
    path: '/flows',
    name: 'shell.flows',
    group: 'set-up',
    icon: 'flows',
    letter: 'f',
    load: () => import('./pages/flows/page.tsx').then((page) => page.FlowsPage),
  },
  {
    path: '/set-up',
    name: 'shell.setup',
    group: 'set-up',
    icon: 'setup',
    letter: 'u',
    needs: 'admin',
    load: () => import('./pages/setup/page.tsx').then((page) => page.SetupPage),
  },
  {
    path: '/mappings',
    name: 'shell.mappings',
    group: 'set-up',
    icon: 'mappings',
    letter: 'm',
    load: () => import('./pages/mappings/page.tsx').then((page) => page.MappingsPage),
  },
  {
    path: '/lookups',
    name: 'shell.lookups',
    group: 'set-up',
    icon: 'lookups',
    letter: 'l',
    load: () => import('./pages/lookups/page.tsx').then((page) => page.LookupsPage),
  },
  {
    path: '/connect/amazon',
    name: 'shell.setup',
    load: () => import('./pages/setup/return.tsx').then((page) => page.AuthorisationReturn),
  },
  {
    path: '/connections',
    name: 'shell.connections',
    group: 'set-up',
    icon: 'connections',
    letter: 'c',
    load: () => import('./pages/connections/page.tsx').then((page) => page.ConnectionsPage),
  },
  {
    path: '/people',
    name: 'house.people',
    group: 'house',
    icon: 'users',
    letter: 'u',
    needs: 'admin',
    load: () => import('./pages/house/people.tsx').then((page) => page.PeoplePage),
  },
  {
    path: '/tokens',
    name: 'house.tokens',
    group: 'house',
    icon: 'tokens',
    needs: 'admin',
    load: () => import('./pages/house/tokens.tsx').then((page) => page.TokensPage),
  },
  {
    path: '/alerts',
    name: 'house.alerts',
    group: 'house',
    icon: 'problems',
    needs: 'admin',
    load: () => import('./pages/house/alerts.tsx').then((page) => page.AlertsPage),
  },
  {
    path: '/audit',
    name: 'house.audit',
    group: 'house',
    icon: 'audit',
    needs: 'admin',
    load: () => import('./pages/house/audit.tsx').then((page) => page.AuditPage),
  },
  {
    path: '/personal',
    name: 'house.personal',
    group: 'house',
    icon: 'eye',
    needs: 'admin',
    load: () => import('./pages/house/personal.tsx').then((page) => page.PersonalPage),
  },
  {
    path: '/profile',
    name: 'house.profile',
    group: 'house',
    icon: 'person',
    load: () => import('./pages/house/profile.tsx').then((page) => page.ProfilePage),
  },
];
