"""Does this installation compute what the worked examples of the specification say?"""
