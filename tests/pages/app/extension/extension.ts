/** The part of an extension's API that is used. */
interface Extension {
  readonly runtime: {
    getURL(path: string): string
    sendMessage(message: string): Promise<string>
    readonly onMessage: {
      addListener(listener: (message: string, sender: object, respond: (answer: string) => void) => boolean): void
    }
  }
}

export const extension: Extension = (globalThis as unknown as { readonly chrome: Extension }).chrome
