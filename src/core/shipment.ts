// What left the warehouse, in words of the trade: read from the ERP, told to the channel.

/** One fulfilment (NetSuite item fulfilment, status Shipped) of one channel order. */
export interface Fulfilment {
  /** The ERP's internal id and number of the fulfilment. */
  readonly id: string;
  readonly number: string;
  /** Set when a program wrote it, such as Crossdock itself from the marketplace's own parcel. */
  readonly externalId?: string;
  /** The ERP's internal id of the sales order. */
  readonly orderRemoteId: string;
  /** The channel order id that the sales order carries. */
  readonly channelOrderId: string;
  readonly shippedOn: Date;
  readonly modifiedAt: Date;
  readonly shipMethod?: { readonly id: string; readonly name: string };
  readonly lines: readonly FulfilledLine[];
  readonly packages: readonly {
    readonly trackingNumber: string;
    readonly description?: string;
    readonly weight?: number;
  }[];
}

export interface FulfilledLine {
  /** The marketplace's order-item id carried by the ERP's order line, when the line carries one. */
  readonly channelLineId?: string;
  readonly itemId: string;
  /** The item's name or number, as packers write it on a parcel. */
  readonly itemName?: string;
  /** In the ERP's stock units (an alias with a multiplier sells several per ordered unit). */
  readonly quantity: number;
}

/** One package as the channel is told of it. */
export interface ShipmentConfirmation {
  readonly channelOrderId: string;
  readonly marketplaceId: string;
  /** A positive whole number as text, unique per order; the same reference edits the same package. */
  readonly packageReference: string;
  readonly carrierCode: string;
  readonly carrierName?: string;
  readonly shippingMethod?: string;
  readonly trackingNumber: string;
  readonly shippedAt: Date;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}
