export { motoEc2, type MotoEc2, type MotoEc2Options } from "./moto-ec2.ts";
export { type SsmServer, startSsmServer } from "./ssm-server.ts";
