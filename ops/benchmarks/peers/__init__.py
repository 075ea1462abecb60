"""What Rowmill is compared with, in the same run: limits of the broker and of the hardware, and peers."""
