"""What must happen now and then: find lost gradings, convert old reports."""
