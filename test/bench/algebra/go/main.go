// Times Kubernetes' quantities and Karpenter's requirements on the corpus that stands on its input.
package main

import (
	"encoding/json"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/karpenter/pkg/scheduling"
)

type requirement struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
}

type corpus struct {
	Quantities  []string        `json:"quantities"`
	Singles     []requirement   `json:"singles"`
	Probes      []string        `json:"probes"`
	Pools       [][]requirement `json:"pools"`
	Pods        [][]requirement `json:"pods"`
	Millisecond int             `json:"milliseconds"`
}

func build(list []requirement) scheduling.Requirements {
	all := scheduling.NewRequirements()
	for _, r := range list {
		all.Add(one(r))
	}
	return all
}

func one(r requirement) *scheduling.Requirement {
	return scheduling.NewRequirement(r.Key, corev1.NodeSelectorOperator(r.Operator), append([]string{}, r.Values...)...)
}

var sink int

// measure repeats a round of operations and returns the nanoseconds of one operation in the fastest round.
func measure(ms, operations int, round func()) float64 {
	round()
	best := 0.0
	for end := time.Now().Add(time.Duration(ms) * time.Millisecond); time.Now().Before(end); {
		start := time.Now()
		round()
		if ns := float64(time.Since(start).Nanoseconds()) / float64(operations); best == 0 || ns < best {
			best = ns
		}
	}
	return best
}

func count(ok bool) {
	if ok {
		sink++
	}
}

func main() {
	var c corpus
	if err := json.NewDecoder(os.Stdin).Decode(&c); err != nil {
		panic(err)
	}
	quantities := make([]resource.Quantity, len(c.Quantities))
	for i, text := range c.Quantities {
		quantities[i] = resource.MustParse(text)
	}
	singles := make([]*scheduling.Requirement, len(c.Singles))
	for i, r := range c.Singles {
		singles[i] = one(r)
	}
	pools, pods := make([]scheduling.Requirements, len(c.Pools)), make([]scheduling.Requirements, len(c.Pods))
	for i, list := range c.Pools {
		pools[i] = build(list)
	}
	for i, list := range c.Pods {
		pods[i] = build(list)
	}
	n, s := len(quantities), len(singles)
	result := map[string]float64{
		"quantity parse": measure(c.Millisecond, n, func() {
			for _, text := range c.Quantities {
				q, _ := resource.ParseQuantity(text)
				sink += q.Sign()
			}
		}),
		"quantity compare": measure(c.Millisecond, n*n, func() {
			for i := range quantities {
				for j := range quantities {
					sink += quantities[i].Cmp(quantities[j])
				}
			}
		}),
		"quantity add": measure(c.Millisecond, n*n, func() {
			for i := range quantities {
				for j := range quantities {
					q := quantities[i].DeepCopy()
					q.Add(quantities[j])
					sink += q.Sign()
				}
			}
		}),
		"intersect": measure(c.Millisecond, s*s, func() {
			for _, a := range singles {
				for _, b := range singles {
					sink += len(a.Intersection(b).Key)
				}
			}
		}),
		"isEmpty": measure(c.Millisecond, s*s, func() {
			for _, a := range singles {
				for _, b := range singles {
					count(a.HasIntersection(b))
				}
			}
		}),
		"has": measure(c.Millisecond, s*len(c.Probes), func() {
			for _, a := range singles {
				for _, probe := range c.Probes {
					count(a.Has(probe))
				}
			}
		}),
		"compatible": measure(c.Millisecond, len(pools)*len(pods), func() {
			for _, pool := range pools {
				for _, pod := range pods {
					count(pool.IsCompatible(pod, scheduling.AllowUndefinedWellKnownLabels))
				}
			}
		}),
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}
