export function startPgBouncer(
  url: string,
  options?: { readonly settings?: Readonly<Record<string, string | number>> },
): Promise<{ readonly url: string; stop(): Promise<void> }>;
