import { createServer } from "node:http";

export interface PricingStub {
  readonly url: string;
  /** Bodies of the requests, in order. */
  readonly requests: readonly any[];
  readonly stop: () => Promise<void>;
}

/** Prices by type name, USD an hour, or an answer of the API's own, such as an error. */
export type PricingAnswer = (request: any, count: number) => { readonly status?: number; readonly body: unknown };

/** The Pricing API as far as GetProducts goes. */
export function startPricingStub(answer: PricingAnswer): Promise<PricingStub> {
  const requests: any[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const body = JSON.parse(text);
      requests.push(body);
      const { status = 200, body: answered } = request.headers["x-amz-target"] === "AWSPriceListService.GetProducts" ? answer(body, requests.length) : { status: 400, body: { __type: "UnknownOperationException" } };
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answered));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      const stop = (): Promise<void> => new Promise((done) => server.close(() => done()));
      resolve({ url: `http://127.0.0.1:${port}`, requests, stop });
    });
  });
}

/** A GetProducts document, as the API sends it: JSON text. */
export function product(type: string, usd: string): string {
  return JSON.stringify({
    product: { productFamily: "Compute Instance", attributes: { instanceType: type } },
    serviceCode: "AmazonEC2",
    terms: { OnDemand: { term: { priceDimensions: { dimension: { unit: "Hrs", pricePerUnit: { USD: usd } } } } } },
  });
}

/** The value of one of a request's filters. */
export function filterOf(request: any, field: string): string | undefined {
  return request.Filters.find((filter: any) => filter.Field === field)?.Value;
}
