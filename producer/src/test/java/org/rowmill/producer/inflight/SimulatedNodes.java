package org.rowmill.producer.inflight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The nodes of a run, and when one of them was lost. */
final class SimulatedNodes implements ComputingNodes {

    private static final long SMALL_HEAP = 100;

    private final Random random;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private int lastStepWithLostNode;
    private boolean wereAllAlive = true;

    /** Makes up to three nodes with a small or a large heap. */
    SimulatedNodes(Random random) {
        this.random = random;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String name = String.valueOf((char) ('a' + i));
            nodes.add(new SimulatedNode(name, 1 + random.nextInt(4), SMALL_HEAP * (1 + random.nextInt(2))));
        }
    }

    @Override
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        for (SimulatedNode node : nodes) {
            if (node.isAlive()) {
                names.add(node.name());
            }
        }
        return names;
    }

    @Override
    public long heapBytes(String name) {
        return nodes.get(name.charAt(0) - 'a').heap();
    }

    SimulatedNode any() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    boolean isFirst(SimulatedNode node) {
        return nodes.indexOf(node) == 0;
    }

    boolean areSeveral() {
        return nodes.size() > 1;
    }

    /** Whether no consumer has received anything that it has not committed. */
    boolean areIdle() {
        return nodes.stream().allMatch(SimulatedNode::isIdle);
    }

    /** Whether the heap of the node is large enough for any row that is the only one in it. */
    boolean hasLargeHeap(SimulatedNode node) {
        return node.heap() > SMALL_HEAP;
    }

    /** Whether a node has a large heap. */
    boolean hasLargeHeap() {
        return nodes.stream().anyMatch(this::hasLargeHeap);
    }

    /** Loses some nodes for good, but not the first one. The others compute from now on. */
    void endLosses(SimulatedBroker broker) {
        for (SimulatedNode node : nodes.subList(1, nodes.size())) {
            if (random.nextInt(4) == 0) {
                node.loseForGood(broker);
            }
        }
        nodes.forEach(SimulatedNode::comeBack);
    }

    /** Notes in which step a node was not alive. */
    void noteLost(int step) {
        for (SimulatedNode node : nodes) {
            if (!node.isAlive()) {
                lastStepWithLostNode = step;
                wereAllAlive = false;
            }
        }
    }

    /** Returns the last step in which a node was not alive; 0 if there was none. */
    int lastStepWithLostNode() {
        return lastStepWithLostNode;
    }

    /** Whether no node was lost in the whole run. */
    boolean wereAllAlive() {
        return wereAllAlive;
    }
}
