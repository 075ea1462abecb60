package org.rowmill.broker;

/** Is told what was refused, on threads of the broker's: short, and thread-safe. */
public interface Rejections {

    /**
     * Something was refused.
     *
     * @param node whose consumer it came from; blank: somebody who was not let in
     * @param why the reason
     */
    void rejected(String node, Rejection why);
}
