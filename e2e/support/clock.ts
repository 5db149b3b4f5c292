// The moment at which every browser flow takes place: late enough in a quarter that there is something to check in.
export const NOW = "2026-11-20T09:00:00Z";
