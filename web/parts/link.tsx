// Links inside the console: they open in place by click, in a new tab by the browser's own ways, and load ahead on hover.
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';

export type Search = Readonly<Record<string, string | number | boolean | undefined>>;
interface Target {
  readonly to: string;
  readonly search?: Search | undefined;
  readonly children?: ReactNode;
}

/** Paths come from data (a record's id), so they are plain texts here. */
const target = (to: string, search: Search | undefined) =>
  ({ to, search: search ?? {} }) as unknown as ComponentProps<typeof Link>;

export const PageLink = ({
  to,
  search,
  children,
  ...rest
}: Target & Omit<AnchorProps, 'children'> & { readonly title?: string; readonly 'aria-label'?: string }) => (
  <Anchor {...rest} renderRoot={(props) => <Link {...props} {...target(to, search)} />}>
    {children}
  </Anchor>
);

export const ButtonLink = ({ to, search, children, ...rest }: Target & Omit<ButtonProps, 'children'>) => (
  <Button {...rest} renderRoot={(props) => <Link {...props} {...target(to, search)} />}>
    {children}
  </Button>
);

/** A link without a look of its own: cards and rows that are links as a whole. */
export const PlainLink = ({
  to,
  search,
  ...rest
}: Target & { readonly className?: string; readonly 'aria-label'?: string; readonly tabIndex?: number }) => (
  <Link {...rest} {...target(to, search)} />
);

/** To another site: NetSuite, Seller Central. */
export const OutLink = ({
  href,
  children,
  ...rest
}: { readonly href: string; readonly children: ReactNode } & Omit<AnchorProps, 'children'>) => (
  <Anchor {...rest} href={href} target="_blank" rel="noreferrer noopener">
    {children}
  </Anchor>
);
