// Whether the panel for many runs is open; loaded with what opens it.
import { signal } from "./signals.js";

export const uncertain = signal(false);
