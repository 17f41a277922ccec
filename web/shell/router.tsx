// How does an address become a page? The list in routes.tsx, each page loaded when it is opened or pointed at.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { PageSkeleton } from '../parts/page.tsx';
import { type Page, pages } from '../routes.tsx';
import { Failure, Missing } from './failure.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, errorComponent: Failure, notFoundComponent: Missing });
const route = ({ path, load }: Page) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(async () => ({ default: await load() })),
  });
/** The one-time link's address: the door stands there until the owner is made, then it is the overview. */
const arrival: Page = { ...pages[0]!, path: '/setup' };

export const router = createRouter({
  routeTree: root.addChildren([...pages, arrival].map(route)),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 120,
  defaultErrorComponent: Failure,
  scrollRestoration: true,
  // Plain texts: an id of twenty digits must not become a number on its way through the address.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (values) => {
    const given = Object.entries(values as Record<string, unknown>).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    );
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return text === '' ? '' : `?${text}`;
  },
});
