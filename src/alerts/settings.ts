// How is mail sent, and what is watched, until somebody says otherwise?

export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: required after greeting; `none`: only for a server on this machine. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string;
  readonly from: string;
}

export interface WatchSettings {
  /** Silence shorter than this is never told, however busy the shop is. */
  readonly silenceHours: number;
  readonly tokenDays: number;
}
export const watchDefaults: WatchSettings = { silenceHours: 3, tokenDays: 14 };
