import type { Ec2Port } from "@groupless/ec2-fleet";

/** When, counted in calls since the beginning, a process dies next. */
export interface Mortality {
  calls: number;
  readonly crashes: { readonly atCall: number; readonly after: boolean }[];
  readonly onCrash: () => void;
}

/** A port of a process that dies at a given call: before it is sent, or after it took effect. Once dead it answers nothing. */
export function mortalPort(port: Ec2Port, mortality: Mortality): { readonly port: Ec2Port; readonly isDead: () => boolean; readonly died: Promise<void> } {
  let dead = false;
  let tell: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (tell = resolve));
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
  const die = <T>(): Promise<T> => {
    dead = true;
    mortality.onCrash();
    tell();
    return never<T>();
  };
  return {
    isDead: () => dead,
    died,
    port: {
      async call(name, input, options) {
        if (dead) return never();
        const n = mortality.calls++;
        const [crash] = mortality.crashes;
        const due = crash !== undefined && n >= crash.atCall;
        if (due) mortality.crashes.shift();
        if (due && !crash.after) return die();
        try {
          const output = await port.call(name, input, options);
          return due ? await die() : dead ? await never() : output;
        } catch (error) {
          if (due) return die();
          if (dead) return never();
          throw error;
        }
      },
    },
  };
}
