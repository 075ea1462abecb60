package org.rowmill.producer.inflight;

import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/** Computes the rows of one table: each row does what its kind says, and may end its consumer. */
final class SimulatedComputation {

    private static final Failure CRASHED = new Failure("", "ConsumerCrashed", "", "", false);
    private static final Failure OVERDUE = new Failure("", "Timeout", "", "", true);

    private final ExpectedRows expected;
    private final SimulatedNodes nodes;
    private final SimulatedBroker broker;
    private final Random random;

    SimulatedComputation(ExpectedRows expected, SimulatedNodes nodes, SimulatedBroker broker, Random random) {
        this.expected = expected;
        this.nodes = nodes;
        this.broker = broker;
        this.random = random;
    }

    /** Ends any of the rows that the consumer computes. Returns the crash if the row ended its consumer. */
    Optional<Crash> finish(SimulatedNode node) {
        SimulatedMessage message = node.anyInHand(random);
        if (message == null) {
            return Optional.empty();
        }
        if (expected.has(message)) {
            return compute(node, message);
        }
        node.endWithoutResult(message); // the result would be late
        return Optional.empty();
    }

    private Optional<Crash> compute(SimulatedNode node, SimulatedMessage message) {
        return switch (expected.kind(message)) {
            case GOOD -> succeed(node, message);
            case FLAKY -> answer(node, message, random.nextBoolean());
            case FAILS_ON_FIRST_NODE -> {
                expected.checkIsElsewhere(node, message);
                yield answer(node, message, nodes.isFirst(node));
            }
            case FAILS -> fail(node, message, true);
            case FAILS_FOR_GOOD -> fail(node, message, false);
            case POISON -> Optional.of(crash(node, message, Crash.Reason.CRASH));
            case POISON_LIKE_A_KILL -> Optional.of(crash(node, message, Crash.Reason.KILL));
            case LARGE -> fillHeap(node, message);
            case OVERDUE -> Optional.of(endOverdue(node, message));
        };
    }

    private Optional<Crash> answer(SimulatedNode node, SimulatedMessage message, boolean fails) {
        return fails ? fail(node, message, true) : succeed(node, message);
    }

    private Optional<Crash> succeed(SimulatedNode node, SimulatedMessage message) {
        node.succeed(message);
        return Optional.empty();
    }

    private Optional<Crash> fail(SimulatedNode node, SimulatedMessage message, boolean isRetryable) {
        expected.noteFailedAnswer(message);
        node.fail(message, isRetryable);
        return Optional.empty();
    }

    private Optional<Crash> fillHeap(SimulatedNode node, SimulatedMessage message) {
        boolean fits = node.inHand().size() == 1 && nodes.hasLargeHeap(node);
        return fits ? succeed(node, message) : Optional.of(crash(node, message, Crash.Reason.OUT_OF_MEMORY));
    }

    /** Kills a consumer; no row is the cause. */
    Crash kill(SimulatedNode node) {
        return crash(node, null, Crash.Reason.KILL);
    }

    private Crash crash(SimulatedNode node, @Nullable SimulatedMessage culprit, Crash.Reason reason) {
        expected.noteCrash(node.inHand(), culprit, reason == Crash.Reason.KILL);
        Crash crash = new Crash(node.held(null), node.name(), reason, CRASHED, OVERDUE);
        node.release(broker);
        return crash;
    }

    private Crash endOverdue(SimulatedNode node, SimulatedMessage overdue) {
        expected.noteFailedAnswer(overdue);
        Crash crash = new Crash(node.held(overdue), node.name(), Crash.Reason.CRASH, CRASHED, OVERDUE);
        node.release(broker);
        return crash;
    }
}
