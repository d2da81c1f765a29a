import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** SSM GetParameter and nothing else: moto keeps the public parameters of EKS images neither itself nor lets them be put. */
export async function startSsmStub(parameters: Readonly<Record<string, string>>): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { Name = "" } = JSON.parse(body) as { Name?: string };
      const Value = parameters[Name];
      response.writeHead(Value === undefined ? 400 : 200, { "Content-Type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(Value === undefined ? { __type: "ParameterNotFound" } : { Parameter: { Name, Value, Type: "String" } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
