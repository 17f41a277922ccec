// What does the simulated seller sell? One seeded catalogue that the Amazon world and the NetSuite world agree on.
import { makeRandom, type Random } from './random.ts';

export type ShopItemKind = 'inventory' | 'kit' | 'lot' | 'matrix-child' | 'matrix-parent';

export interface ShopItem {
  /** The seller SKU at Amazon; equal to the item's name in NetSuite unless the item is sold under an alias. */
  readonly sku: string;
  /** NetSuite's itemid. */
  readonly itemName: string;
  readonly title: string;
  readonly asin: string;
  readonly kind: ShopItemKind;
  /** Integer minor units: cents and pence. */
  readonly prices: { readonly USD: number; readonly GBP: number };
  readonly upc: string;
  readonly weightGrams: number;
  /** False for the one item that NetSuite has made inactive while Amazon still sells it. */
  readonly active: boolean;
  /** False for matrix parents: only their children are sold. */
  readonly soldAtAmazon: boolean;
  /** Units in stock by the key of a location; kits hold none of their own. */
  readonly onHand: Readonly<Record<string, number>>;
  readonly components?: readonly { readonly itemName: string; readonly quantity: number }[];
  readonly parent?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly lots?: readonly {
    readonly lotNumber: string;
    readonly quantity: number;
    readonly expiresOn: string;
  }[];
}

/** An Amazon SKU that stands for some units of an item known to NetSuite under another name, such as a six-pack. */
export interface ShopAlias {
  readonly sku: string;
  readonly itemName: string;
  readonly unitsPerSku: number;
  readonly title: string;
  readonly asin: string;
  readonly prices: { readonly USD: number; readonly GBP: number };
}

export interface Shop {
  readonly seed: string;
  readonly sellerId: string;
  readonly items: readonly ShopItem[];
  readonly aliases: readonly ShopAlias[];
  /** SKUs that exist at Amazon and nowhere in NetSuite. */
  readonly unknownSkus: readonly string[];
  readonly locations: readonly { readonly key: string; readonly name: string; readonly subsidiary: string }[];
  readonly subsidiaries: readonly {
    readonly key: string;
    readonly name: string;
    readonly currency: 'USD' | 'GBP';
  }[];
  readonly marketplaces: readonly {
    readonly id: string;
    readonly country: 'US' | 'GB';
    readonly currency: 'USD' | 'GBP';
    readonly name: string;
    readonly subsidiary: string;
    readonly customer: string;
  }[];
  readonly customers: readonly { readonly name: string; readonly subsidiary: string }[];
  /** Items NetSuite needs for amounts that are not goods. */
  readonly specialItems: readonly string[];
  readonly shipMethods: readonly string[];
}

const materials = [
  'Steel',
  'Bamboo',
  'Cotton',
  'Ceramic',
  'Walnut',
  'Linen',
  'Glass',
  'Copper',
  'Cork',
  'Wool',
];
const things = [
  'Bottle',
  'Cutting Board',
  'Apron',
  'Mug',
  'Tray',
  'Napkin Set',
  'Carafe',
  'Saucepan',
  'Coaster Set',
  'Blanket',
  'Lamp',
  'Basket',
  'Teapot',
  'Planter',
  'Candle Holder',
];
const qualities = ['Classic', 'Large', 'Small', 'Everyday', 'Travel', 'Studio', 'Garden', 'Heritage'];
const lotThings = [
  'Olive Oil 500 ml',
  'Green Tea 100 g',
  'Honey 340 g',
  'Coffee Beans 1 kg',
  'Sea Salt 250 g',
];
const sizes = ['S', 'M', 'L'];
const colours = ['Red', 'Navy'];
/** Titles that break careless code: other scripts, emoji, quotes, tabs' look-alikes and more than 200 characters. */
const oddTitles = [
  'Café Crème Müslischale – Größe “L” 🥣',
  'كوب سيراميك 350 مل',
  '日本製 急須 (Japanese Teapot) ♨',
  `Extra-long Gift Set ${'with many useful parts, '.repeat(9)}boxed`,
  "O'Neill & Sons' 1/2\" Brass Hook <Pair>",
];

/** Draws a price ending in 0, 5 or 9, and a pound price that is not a plain conversion of it. */
function drawPrices(random: Random, lowest: number, highest: number): { USD: number; GBP: number } {
  const endings = [99, 95, 49, 0, 29, 97];
  const whole = random.integer(lowest, highest);
  return {
    USD: whole * 100 + random.pick(endings),
    GBP: Math.max(1, Math.round(whole * 0.8)) * 100 + random.pick(endings),
  };
}

/** The last digit of a UPC-A: three times the odd places plus the even ones fill up to a multiple of ten (GS1). */
function upcOf(random: Random): string {
  const digits = `8${random.digits(10)}`;
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1),
    0,
  );
  return digits + ((10 - (sum % 10)) % 10);
}

const asinOf = (random: Random) => {
  const letters = '0123456789ABCDEFGHJKLMNPQRSTVWXYZ';
  let asin = 'B0';
  while (asin.length < 10) asin += letters[random.integer(0, letters.length - 1)];
  return asin;
};

function drawItem(random: Random, kind: ShopItemKind, name: string, title: string): ShopItem {
  const onHand = kind === 'kit' || kind === 'matrix-parent' ? {} : drawStock(random);
  return {
    sku: name,
    itemName: name,
    title,
    asin: asinOf(random),
    kind,
    prices: drawPrices(random, 4, 160),
    upc: upcOf(random),
    weightGrams: random.integer(60, 4_500),
    active: true,
    soldAtAmazon: kind !== 'matrix-parent',
    onHand,
  };
}

const drawStock = (random: Random) => ({
  main: random.integer(200, 5_000),
  east: random.integer(50, 1_500),
  'fba-us': random.integer(100, 3_000),
  'fba-uk': random.integer(40, 1_000),
});

function drawInventory(random: Random, count: number): ShopItem[] {
  return Array.from({ length: count }, (_, i) => {
    const title =
      oddTitles[i] ?? `${random.pick(qualities)} ${random.pick(materials)} ${random.pick(things)}`;
    const item = drawItem(random, 'inventory', `CD-${String(1001 + i)}`, title);
    return i === count - 1 ? { ...item, active: false } : item;
  });
}

function drawKits(random: Random, parts: readonly ShopItem[], count: number): ShopItem[] {
  return Array.from({ length: count }, (_, i) => {
    const components = random
      .shuffle(parts.filter((part) => part.active))
      .slice(0, random.integer(2, 3))
      .map((part) => ({ itemName: part.itemName, quantity: random.integer(1, 3) }));
    return {
      ...drawItem(random, 'kit', `KIT-${String(201 + i)}`, `${random.pick(qualities)} Gift Set ${i + 1}`),
      components,
    };
  });
}

function drawLots(random: Random, count: number): ShopItem[] {
  return Array.from({ length: count }, (_, i) => {
    const item = drawItem(
      random,
      'lot',
      `LOT-${String(301 + i)}`,
      `${random.pick(qualities)} ${lotThings[i % lotThings.length]}`,
    );
    const main = item.onHand['main'] ?? 0;
    const first = Math.floor(main / 3);
    const lots = [
      { lotNumber: `L${random.digits(6)}`, quantity: first, expiresOn: '2027-06-30' },
      { lotNumber: `L${random.digits(6)}`, quantity: main - first, expiresOn: '2028-01-31' },
    ];
    return { ...item, lots };
  });
}

function drawMatrix(random: Random, parents: number): ShopItem[] {
  return Array.from({ length: parents }, (_, i) => {
    const name = `TEE-${String(401 + i)}`;
    const parent = drawItem(
      random,
      'matrix-parent',
      name,
      `${random.pick(qualities)} Cotton T-Shirt ${i + 1}`,
    );
    const children = sizes.flatMap((size) =>
      colours.map((colour) => ({
        ...drawItem(
          random,
          'matrix-child',
          `${name}-${size}-${colour.toUpperCase()}`,
          `${parent.title}, ${size}, ${colour}`,
        ),
        prices: parent.prices,
        parent: name,
        options: { size, colour },
      })),
    );
    return [parent, ...children];
  }).flat();
}

function drawAliases(random: Random, items: readonly ShopItem[]): ShopAlias[] {
  return items.slice(10, 25).map((item, i) => {
    const unitsPerSku = [6, 2, 12, 1, 3][i % 5]!;
    const percent = unitsPerSku === 1 ? 100 : 92;
    return {
      sku: unitsPerSku === 1 ? `${item.itemName}-FBA` : `${item.itemName}-${unitsPerSku}PK`,
      itemName: item.itemName,
      unitsPerSku,
      title: unitsPerSku === 1 ? item.title : `${item.title}, pack of ${unitsPerSku}`,
      asin: asinOf(random),
      prices: {
        USD: Math.round((item.prices.USD * unitsPerSku * percent) / 100),
        GBP: Math.round((item.prices.GBP * unitsPerSku * percent) / 100),
      },
    };
  });
}

/** Builds the shop of a seed; the same seed gives the same shop in every process. */
export function makeShop(seed: string | number): Shop {
  const random = makeRandom(`shop/${seed}`);
  const inventory = drawInventory(random.derive('inventory'), 200);
  const kits = drawKits(random.derive('kits'), inventory, 20);
  const lots = drawLots(random.derive('lots'), 20);
  const matrix = drawMatrix(random.derive('matrix'), 9);
  return {
    seed: String(seed),
    sellerId: 'A3CROSSDOCKSIM',
    items: [...inventory, ...kits, ...lots, ...matrix],
    aliases: drawAliases(random.derive('aliases'), inventory),
    unknownSkus: ['OLD-STOCK-17', 'amzn.gr.CD-1044-x7Qf', 'CD-9999', 'ÜBER-KANNE-3'],
    locations: [
      { key: 'main', name: 'Main Warehouse', subsidiary: 'us' },
      { key: 'east', name: 'East Warehouse', subsidiary: 'us' },
      { key: 'uk-main', name: 'UK Warehouse', subsidiary: 'uk' },
      { key: 'fba-us', name: 'Amazon FBA US', subsidiary: 'us' },
      { key: 'fba-uk', name: 'Amazon FBA UK', subsidiary: 'uk' },
    ],
    subsidiaries: [
      { key: 'us', name: 'Crossdock Trading Inc.', currency: 'USD' },
      { key: 'uk', name: 'Crossdock Trading Ltd', currency: 'GBP' },
    ],
    marketplaces: [
      {
        id: 'ATVPDKIKX0DER',
        country: 'US',
        currency: 'USD',
        name: 'Amazon.com',
        subsidiary: 'us',
        customer: 'Amazon.com Marketplace',
      },
      {
        id: 'A1F83G8C2ARO7P',
        country: 'GB',
        currency: 'GBP',
        name: 'Amazon.co.uk',
        subsidiary: 'uk',
        customer: 'Amazon.co.uk Marketplace',
      },
    ],
    customers: [
      { name: 'Amazon.com Marketplace', subsidiary: 'us' },
      { name: 'Amazon.co.uk Marketplace', subsidiary: 'uk' },
    ],
    specialItems: [
      'Amazon Discount',
      'Amazon Shipping',
      'Amazon Shipping Discount',
      'Amazon Gift Wrap',
      'Amazon Marketplace Tax',
      'Amazon Other Charge',
    ],
    shipMethods: ['UPS Ground', 'FedEx 2Day', 'USPS Priority', 'DPD Next Day', 'Royal Mail 24'],
  };
}
