/** The hub speaks English. In other languages, what it says of a name stands here; what is not here is said as the hub says it. */
export type HubSection = 'option' | 'field' | 'credkind' | 'template' | 'vendor' | 'advice' | 'setting';
export type HubTexts = Partial<Record<HubSection, Readonly<Record<string, string>>>>;
