import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of SSM's GetParameter. */
export interface SsmServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Serves SSM's GetParameter and nothing else: moto has no parameters of EKS' images, and lets nobody put them.
 *
 * @param parameterOf the value of a parameter by its name; undefined: there is none
 */
export async function startSsmServer(parameterOf: (name: string) => string | undefined): Promise<SsmServer> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { Name = "" } = JSON.parse(body) as { readonly Name?: string };
      const Value = parameterOf(Name);
      response.writeHead(Value === undefined ? 400 : 200, { "Content-Type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(Value === undefined ? { __type: "ParameterNotFound" } : { Parameter: { Name, Value, Type: "String" } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
