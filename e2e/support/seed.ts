// Once for the whole run.
import { seed } from "./server.ts";

export default function once(): () => void {
  return seed();
}
