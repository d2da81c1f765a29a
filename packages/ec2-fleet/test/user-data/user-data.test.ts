import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { type Bootstrap, mountsByDefault, nodeLabels, userData, UserDataError } from "@groupless/ec2-fleet";
import type { EC2NodeClass } from "@groupless/api";
import { readMime, writeMime } from "../../src/user-data/mime.ts";
import { writeToml } from "../../src/user-data/toml.ts";

const base: Bootstrap = { family: "AL2023", clusterName: "demo", clusterEndpoint: "https://demo", clusterCIDR: "10.100.0.0/16", caBundle: "Y2E=", kubelet: { maxPods: 29, clusterDNS: ["10.100.0.10"] }, taints: [{ key: "karpenter.sh/unregistered", effect: "NoExecute" }], labels: { team: "a", "karpenter.sh/nodepool": "default" } };
const render = (change: Partial<Bootstrap>): string => userData({ ...base, ...change });

describe("user data", () => {
  test("A-140 A-148 Amazon Linux 2: the custom script first, then bootstrap.sh with the kubelet's flags in their order", () => {
    expect(render({ family: "AL2", custom: "#!/bin/bash\necho hi", kubelet: { maxPods: 29, clusterDNS: ["10.100.0.10"], evictionHard: { "memory.available": "5%" }, systemReserved: { memory: "1Gi", cpu: "1" }, evictionSoftGracePeriod: { "memory.available": "90s" } } })).toBe(`MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
echo hi
--//
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash -xe
exec > >(tee /var/log/user-data.log|logger -t user-data -s 2>/dev/console) 2>&1
/etc/eks/bootstrap.sh 'demo' --apiserver-endpoint 'https://demo' --b64-cluster-ca 'Y2E=' \\
--dns-cluster-ip '10.100.0.10' \\
--use-max-pods false \\
--kubelet-extra-args '--node-labels="karpenter.sh/nodepool=default,team=a" --register-with-taints="karpenter.sh/unregistered:NoExecute" --max-pods=29 --system-reserved="cpu=1,memory=1Gi" --eviction-hard="memory.available<5%" --eviction-soft-grace-period="memory.available=1m30s"'
--//--
`);
  });

  test("A-141 Amazon Linux 2023: NodeConfig last, so that it wins; YAML of one's own becomes a part of its kind", () => {
    const text = render({ custom: "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n", instanceStorePolicy: "RAID0" });
    expect(readMime(text).map(({ headers }) => headers["Content-Type"])).toEqual([["application/node.eks.aws"], ["application/node.eks.aws"]]);
    expect(text).toContain("# Karpenter Generated NodeConfig\napiVersion: node.eks.aws/v1alpha1");
    expect(text).toContain("    localStorage:\n      strategy: RAID0");
    expect(() => render({ clusterCIDR: "" })).toThrowError(expect.objectContaining({ code: "cluster-cidr" }));
  });

  test("A-142 Bottlerocket: known settings are written over, unknown tables stay, unknown Kubernetes settings go", () => {
    const text = render({ family: "Bottlerocket", custom: '[settings.kubernetes]\nmax-pods = 1\nunknown = "x"\nkube-api-qps = 30\n[settings.host-containers.admin]\nenabled = true\n[other]\na = 1\n' });
    expect(parse(text)).toEqual({ settings: { "host-containers": { admin: { enabled: true } }, kubernetes: { "api-server": "https://demo", "cluster-certificate": "Y2E=", "cluster-name": "demo", "cluster-dns-ip": "10.100.0.10", "max-pods": 29, "kube-api-qps": 30, "node-labels": { team: "a", "karpenter.sh/nodepool": "default" }, "node-taints": { "karpenter.sh/unregistered": [":NoExecute"] } } } });
    expect(() => render({ family: "Bottlerocket", custom: '[settings.kubernetes]\nmax-pods = "ten"' })).toThrow(UserDataError);
  });

  test("A-143 Bottlerocket mounts the instance store by itself from 1.46 on, whatever says the version", () => {
    const of = (amiSelectorTerms: EC2NodeClass["spec"]["amiSelectorTerms"], amis: NonNullable<EC2NodeClass["status"]>["amis"] & {} = []): boolean => mountsByDefault({ spec: { amiSelectorTerms }, status: { amis } } as unknown as EC2NodeClass);
    const image = (version: string): { id: string; name: string; requirements: [] } => ({ id: "ami-1", name: `bottlerocket-aws-k8s-1.33-x86_64-${version}-431fe75a`, requirements: [] });
    expect([of([{ alias: "bottlerocket@latest" }]), of([{ alias: "bottlerocket@v1.45.0" }]), of([{ alias: "bottlerocket@1.46.0" }]), of([{ id: "ami-1" }], [image("v1.46.0")]), of([{ id: "ami-1" }], [image("v1.20.0")]), of([{ id: "ami-1" }])]).toEqual([true, false, true, true, false, false]);
    const bind = (defaultMountPaths: boolean): boolean => render({ family: "Bottlerocket", instanceStorePolicy: "RAID0", defaultMountPaths }).includes("'--dirs'");
    expect([bind(true), bind(false)]).toEqual([false, true]);
  });

  test("A-144 Windows: the lines of one's own, then the EKS bootstrap script", () => {
    expect(render({ family: "Windows2022", custom: "Write-Host hi" })).toBe(`<powershell>\nWrite-Host hi\n[string]$EKSBootstrapScriptFile = "$env:ProgramFiles\\Amazon\\EKS\\Start-EKSBootstrap.ps1"\n& $EKSBootstrapScriptFile -EKSClusterName 'demo' -APIServerEndpoint 'https://demo' -Base64ClusterCA 'Y2E=' -KubeletExtraArgs '--node-labels="karpenter.sh/nodepool=default,team=a" --register-with-taints="karpenter.sh/unregistered:NoExecute" --max-pods=29' -DNSClusterIP '10.100.0.10'\n</powershell>`);
  });

  test("A-145 Custom user data is left as it is", () => {
    expect([render({ family: "Custom", custom: "any\r\nthing" }), render({ family: "Custom" })]).toEqual(["any\r\nthing", ""]);
  });

  test("A-147 labels that node admission refuses do not reach the kubelet; registering nodes need no taints synced", () => {
    const labels = { "kubernetes.io/arch": "amd64", "node.kubernetes.io/x": "1", "example.com/kubernetes.io": "2", "node-restriction.kubernetes.io/a": "3", team: "a" };
    expect(nodeLabels("AL2", labels)).toEqual({ "example.com/kubernetes.io": "2", team: "a", "karpenter.sh/do-not-sync-taints": "true" });
    expect(nodeLabels("Custom", labels)).toEqual({ "example.com/kubernetes.io": "2", team: "a" });
  });
});

describe("the formats underneath", () => {
  test("A-146 multipart messages: what is written is read back, part by part", () => {
    const content = fc.array(fc.constantFrom("a", "b", " ", "\n", "--", "//", "#!"), { maxLength: 30 }).map((pieces) => pieces.join("")).filter((text) => !text.includes("\n--//") && !text.startsWith("--//"));
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (contents) => {
        const parts = contents.map((text) => ({ headers: { "Content-Type": ["text/plain"] }, content: text }));
        expect(readMime(writeMime(parts))).toEqual(parts);
      }),
      { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) },
    );
  });

  test("A-146 a broken message is refused, without quoting it", () => {
    for (const text of ["MIME-Version: 1.0\n\nsecret", "Content-Type: text/plain\n\nsecret", 'Content-Type: multipart/mixed; boundary="B"\n\n--B\nsecret', "  MIME-Version: 1.0\n"]) {
      expect(() => readMime(text)).toThrow(UserDataError);
      expect(() => readMime(text)).not.toThrow(/secret/);
    }
  });

  test("TOML: what is written is read back", () => {
    const key = fc.constantFrom("a", "b-c", "memory.available", "karpenter.sh/x", "it's", "");
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, fc.string(), fc.boolean(), fc.maxSafeInteger().map(BigInt), fc.array(fc.string(), { maxLength: 3 }), tie("table")),
      table: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (table) => {
        expect(JSON.stringify(parse(writeToml(table as never), { integersAsBigInt: true }), plain)).toEqual(JSON.stringify(table, plain));
      }),
      { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) },
    );
  });
});

/** Objects by sorted key, integers as text. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
