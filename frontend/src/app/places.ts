import { Activity, FlaskConical, History, Scale, TrendingUp, Trophy } from "lucide-react";

/** Where the navigation, the palette and the keyboard (`g` and the key) lead. */
export const PLACES = [
  { to: "/forecast", label: "Forecast", icon: TrendingUp, key: "f" },
  { to: "/showcase", label: "Showcase", icon: FlaskConical, key: "s" },
  { to: "/compare", label: "Compare", icon: Scale, key: "c" },
  { to: "/lab", label: "Lab", icon: Trophy, key: "l" },
  { to: "/runs", label: "Runs", icon: History, key: "r" },
  { to: "/ops", label: "Ops", icon: Activity, key: "o" },
] as const;
