// Kubernetes' in-tree volume plugins live on as CSI drivers (k8s.io/csi-translation-lib).
const drivers: ReadonlyMap<string, string> = new Map([
  ["kubernetes.io/aws-ebs", "ebs.csi.aws.com"],
  ["kubernetes.io/azure-disk", "disk.csi.azure.com"],
  ["kubernetes.io/azure-file", "file.csi.azure.com"],
  ["kubernetes.io/cinder", "cinder.csi.openstack.org"],
  ["kubernetes.io/gce-pd", "pd.csi.storage.gke.io"],
  ["kubernetes.io/portworx-volume", "pxd.portworx.com"],
  ["kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com"],
]);

/** The CSI driver behind a provisioner: an in-tree plugin's successor, else the provisioner itself. */
export function csiDriverOf(provisioner: string): string {
  return drivers.get(provisioner) ?? provisioner;
}
